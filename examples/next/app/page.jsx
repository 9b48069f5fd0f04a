import { currentSession } from "privet/next";
import { Can, Menu } from "privet/react";
import { studio } from "privet/studio";
import { guarded } from "../lib/guarded.js";
import { contact } from "../lib/policy.js";
import { NewReport } from "./new-report.jsx";
import { people } from "../lib/sign.js";

export default async function Page() {
  const session = (await currentSession(guarded)) ?? contact.session();
  const why = session.can("data.reports.manage")
    ? undefined
    : (await studio()).explain(session, "data.reports.manage").sentence;
  return (
    <>
      <header>
        {Object.keys(people).map((person) => (
          <a key={person} href={`/sign-in?person=${person}`}>
            {person}
          </a>
        ))}
        <a href="/sign-in">Sign out</a>
      </header>
      <nav>
        <Menu />
      </nav>
      <main>
        <Can do="item.reports.view" fallback={<p data-part="no-reports">Ask for access to reports.</p>}>
          <a data-part="reports" href="/reports">
            Reports
          </a>
        </Can>
        <NewReport why={why} />
        <Can do="calls.flows.define" fallback={<p data-part="no-flows">You cannot edit flows.</p>}>
          <p data-part="flows">Flows</p>
        </Can>
      </main>
    </>
  );
}
