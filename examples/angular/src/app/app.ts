import { NgTemplateOutlet } from "@angular/common";
import { ChangeDetectionStrategy, Component } from "@angular/core";
import { RouterOutlet } from "@angular/router";
import { injectMenu } from "privet/angular";
import { Flows } from "./flows";
import { Reports } from "./reports";
import { Settings } from "./settings";

@Component({
  changeDetection: ChangeDetectionStrategy.OnPush,
  selector: "app-root",
  imports: [Flows, NgTemplateOutlet, Reports, RouterOutlet, Settings],
  template: `
    <app-settings />
    <nav>
      <ng-container *ngTemplateOutlet="list; context: { $implicit: menu() }" />
      <ng-template #list let-items>
        <ul>
          @for (item of items; track item.id) {
            <li>
              <span>{{ item.label }}</span>
              @if (item.children.length > 0) {
                <ng-container *ngTemplateOutlet="list; context: { $implicit: item.children }" />
              }
            </li>
          }
        </ul>
      </ng-template>
    </nav>
    <main>
      <app-reports />
      <app-flows />
    </main>
    <router-outlet />
  `,
})
export class App {
  readonly menu = injectMenu();
}
