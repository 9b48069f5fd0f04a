import { ChangeDetectionStrategy, Component, computed } from "@angular/core";
import { injectSession } from "privet/angular";
import { people, signIn, store } from "./session";

@Component({
  changeDetection: ChangeDetectionStrategy.OnPush,
  selector: "app-settings",
  template: `
    @if (session()) {
      <header>
        <select id="person" aria-label="Person" (change)="choose($event)">
          @for (id of ids; track id) {
            <option>{{ id }}</option>
          }
        </select>
        <button id="switch" type="button" [attr.aria-pressed]="on()" (click)="turn()">Flow editor</button>
        <button id="out" type="button" (click)="signOut()">Sign out</button>
      </header>
    } @else {
      <p id="signed-out">Nobody is signed in.</p>
    }
  `,
})
export class Settings {
  readonly ids = Object.keys(people);
  readonly session = injectSession();
  readonly on = computed(() => this.session()?.subject().facts?.["flow-editor"] === true);

  choose({ target }: Event): void {
    signIn((target as HTMLSelectElement).value);
  }
  turn(): void {
    store.facts({ "flow-editor": !this.on() });
  }
  signOut(): void {
    store.signOut();
  }
}
