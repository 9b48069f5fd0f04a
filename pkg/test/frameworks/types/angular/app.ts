// Templates are checked by the compiler of Angular: the tests expect the errors that are marked, and no others.
import { Component } from "@angular/core";
import { open } from "privet";
import { PrivetCan, PrivetDisabled, createPrivet, guardRoute } from "privet/angular";
import { pack, type Schema } from "privet/policies/contact";
import { pack as vicidial } from "privet/policies/vicidial";

declare module "privet" {
  interface Register {
    schema: Schema;
  }
}

export const contact = open(pack);
export const routes = [
  { path: "", canActivate: [guardRoute("item.reports.view")], canMatch: [guardRoute("item.reports.view")] },
];

@Component({
  imports: [PrivetCan, PrivetDisabled],
  selector: "app-root",
  template: `
    <b *privetCan="'item.reports.view'; facts: { 'flow-editor': true }; not: true; else: other">shown</b>
    <b *privetCan="'email-accounts.open'; of: accounts">shown</b>
    <b privetDisabled="item.reports.view" privetDisabledReason="no" privetDisabledNot>shown</b>
    <b *privetCan="'item.reports.veiw'">wrong</b>
    <b *privetCan="'item.reports.view'; facts: { 'flow-edtor': true }">wrong</b>
    <b *privetCan="'item.reports.view'; of: accounts">wrong</b>
    <b privetDisabled="item.reports.veiw">wrong</b>
    <ng-template #other>other</ng-template>
  `,
})
export class App {
  accounts = createPrivet(open(vicidial));
}
