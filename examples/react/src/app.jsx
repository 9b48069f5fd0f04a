import { Can, Menu, useCan, useSession } from "privet/react";
import { people, signIn, store } from "./session.js";

/** How often each part was rendered, for the tests. */
globalThis.renders = {};
const count = (part) => {
  globalThis.renders[part] = (globalThis.renders[part] ?? 0) + 1;
};

export function App() {
  return (
    <>
      <Settings />
      <nav>
        <Menu />
      </nav>
      <main>
        <Reports />
        <Flows />
      </main>
    </>
  );
}

function Reports() {
  count("reports");
  return (
    <section>
      <Can do="item.reports.view">
        <a data-part="reports" href="#reports">
          Reports
        </a>
      </Can>
      <Can do="data.reports.manage" disabled reason="You may read reports only.">
        <button type="button" data-part="manage">
          New report
        </button>
      </Can>
    </section>
  );
}

function Flows() {
  const canDefine = useCan("calls.flows.define");
  count("flows");
  return canDefine ? (
    <button type="button" data-part="flows">
      New flow
    </button>
  ) : (
    <p data-part="no-flows">You cannot edit flows.</p>
  );
}

function Settings() {
  const session = useSession();
  if (!session) return <p id="signed-out">Nobody is signed in.</p>;
  const on = session.subject().facts?.["flow-editor"] === true;
  return (
    <header>
      <select id="person" aria-label="Person" onChange={({ target }) => signIn(target.value)}>
        {Object.keys(people).map((id) => (
          <option key={id}>{id}</option>
        ))}
      </select>
      <button type="button" id="switch" aria-pressed={on} onClick={() => store.facts({ "flow-editor": !on })}>
        Flow editor
      </button>
      <button type="button" id="out" onClick={() => store.signOut()}>
        Sign out
      </button>
    </header>
  );
}
