import { ChangeDetectionStrategy, Component } from "@angular/core";
import { PrivetCan, PrivetDisabled } from "privet/angular";
import { count } from "./count";

@Component({
  changeDetection: ChangeDetectionStrategy.OnPush,
  selector: "app-reports",
  imports: [PrivetCan, PrivetDisabled],
  template: `
    <section [attr.data-renders]="count('reports')">
      <a *privetCan="'item.reports.view'" data-part="reports" href="#/reports">Reports</a>
      <button
        type="button"
        data-part="manage"
        privetDisabled="data.reports.manage"
        privetDisabledReason="You may read reports only."
      >
        New report
      </button>
    </section>
  `,
})
export class Reports {
  readonly count = count;
}
