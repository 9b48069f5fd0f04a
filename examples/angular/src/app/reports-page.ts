import { ChangeDetectionStrategy, Component } from "@angular/core";

@Component({
  changeDetection: ChangeDetectionStrategy.OnPush,
  selector: "app-reports-page",
  template: `<h1>Reports</h1>`,
})
export class ReportsPage {}
