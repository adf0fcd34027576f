package dev.roster.browser;

import static org.junit.jupiter.api.Assumptions.abort;

import org.junit.jupiter.api.Test;

/** Stands for the tests of the dashboard where no Chromium is. */
class ChromiumIT {

    @Test
    void theDashboardIsLookedAt() {
        abort("needs Chromium: /usr/bin/chromium is not there (Debian: apt install chromium), and none was named by -Pbrowser"
                + " -Dbrowser.executable=...");
    }
}
