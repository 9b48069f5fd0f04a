import { ChangeDetectionStrategy, Component } from "@angular/core";
import { injectCan } from "privet/angular";
import { count } from "./count";

@Component({
  changeDetection: ChangeDetectionStrategy.OnPush,
  selector: "app-flows",
  template: `
    <div [attr.data-renders]="count('flows')">
      @if (canDefine()) {
        <button type="button" data-part="flows">New flow</button>
      } @else {
        <p data-part="no-flows">You cannot edit flows.</p>
      }
    </div>
  `,
})
export class Flows {
  readonly canDefine = injectCan("calls.flows.define");
  readonly count = count;
}
