import { ChangeDetectionStrategy, Component } from "@angular/core";

@Component({
  changeDetection: ChangeDetectionStrategy.OnPush,
  selector: "app-denied",
  template: `<p id="denied">You cannot open this page.</p>`,
})
export class Denied {}
