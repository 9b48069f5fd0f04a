import { provideZonelessChangeDetection } from "@angular/core";
import { bootstrapApplication } from "@angular/platform-browser";
import { provideRouter, withHashLocation } from "@angular/router";
import { providePrivet } from "privet/angular";
import { devtools } from "privet/devtools";
import { App } from "./app/app";
import { routes } from "./app/routes";
import { people, store } from "./app/session";

bootstrapApplication(App, {
  providers: [
    provideZonelessChangeDetection(),
    provideRouter(routes, withHashLocation()),
    providePrivet({ store, announce: ({ gained, lost }) => `${gained.length} more, ${lost.length} fewer` }),
  ],
});
devtools({ people }); // nothing in production builds
