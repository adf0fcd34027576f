package dev.roster.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;

/** What the page is looked at with. */
enum Screen {
    LIGHT(1280, 860, ColorScheme.LIGHT),
    DARK(1280, 860, ColorScheme.DARK),
    PHONE(375, 812, ColorScheme.LIGHT),
    PHONE_AT_NIGHT(375, 812, ColorScheme.DARK);

    private final int width;
    private final int height;
    private final ColorScheme colours;

    Screen(int width, int height, ColorScheme colours) {
        this.width = width;
        this.height = height;
        this.colours = colours;
    }

    int width() {
        return width;
    }

    Browser.NewContextOptions options() {
        return new Browser.NewContextOptions()
                .setViewportSize(width, height)
                .setColorScheme(colours)
                .setReducedMotion(ReducedMotion.REDUCE)
                .setLocale("en-GB")
                .setTimezoneId("UTC")
                .setDeviceScaleFactor(width < 600 ? 2 : 1);
    }
}
