import { inject } from "@angular/core";
import { Router, type Routes } from "@angular/router";
import { guardRoute } from "privet/angular";
import { Denied } from "./denied";
import { ReportsPage } from "./reports-page";

export const routes: Routes = [
  {
    path: "reports",
    component: ReportsPage,
    canActivate: [guardRoute("item.reports.view", { otherwise: () => inject(Router).parseUrl("/denied") })],
  },
  {
    path: "manage",
    component: ReportsPage,
    canActivate: [guardRoute("data.reports.manage", { otherwise: () => inject(Router).parseUrl("/denied") })],
  },
  { path: "denied", component: Denied },
];
