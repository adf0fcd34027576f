package dev.roster.app;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * What a native image has to keep because it is found by name only. The driver and the pool are used without Quarkus'
 * extensions, so this is what {@code quarkus-agroal} and {@code quarkus-jdbc-postgresql} would register; picocli reads its
 * commands by reflection. Services are registered by {@code quarkus.native.auto-service-loader-registration}.
 */
@RegisterForReflection(
        classNames = {
            "org.postgresql.Driver",
            "io.agroal.pool.DataSource",
            "io.agroal.pool.ConnectionHandler",
            "io.agroal.pool.ConnectionHandler[]",
            "io.agroal.api.security.AgroalDefaultSecurityProvider",
            "io.agroal.api.security.AgroalKerberosSecurityProvider",
            "java.sql.Statement",
            "java.sql.Statement[]",
            "java.sql.ResultSet",
            "java.sql.ResultSet[]",
            "picocli.CommandLine$AutoHelpMixin",
            "dev.roster.app.cli.RosterCommand",
            "dev.roster.app.cli.RosterCommand$BuildVersion",
            "dev.roster.app.cli.ServeCommand",
            "dev.roster.app.cli.OnceCommand",
            "dev.roster.app.cli.AskingCommand",
            "dev.roster.app.cli.StatusCommand",
            "dev.roster.app.cli.PlanCommand",
            "dev.roster.app.cli.OrdersCommand",
            "dev.roster.app.cli.JournalCommand",
            "dev.roster.app.cli.WatchCommand",
            "dev.roster.app.cli.WaitOptions",
            "dev.roster.app.cli.TimeConverter",
            "dev.roster.app.cli.SinceConverter",
            "dev.roster.app.cli.ActivateCommand",
            "dev.roster.app.cli.FollowCommand",
            "dev.roster.app.cli.CancelCommand",
            "dev.roster.app.cli.CheckCommand",
            "dev.roster.app.cli.DrainCommand",
            "dev.roster.app.cli.HoldCommand",
            "dev.roster.app.cli.RemoveCommand",
            "dev.roster.app.cli.ReplaceCommand",
            "dev.roster.app.cli.RebalanceCommand",
            "dev.roster.app.cli.RebalanceCommand$Instead",
            "dev.roster.app.cli.AcceptCoordinatorCommand",
            "dev.roster.app.cli.OrderCall",
            "dev.roster.app.cli.ServerOptions",
        })
final class NativeImage {

    private NativeImage() {}
}
