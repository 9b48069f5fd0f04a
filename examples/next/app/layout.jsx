import { currentSession } from "privet/next";
import { dehydrate } from "privet/ssr";
import { guarded } from "../lib/guarded.js";
import { contact } from "../lib/policy.js";
import { Session } from "./session.jsx";

export default async function Layout({ children }) {
  const session = (await currentSession(guarded)) ?? contact.session();
  return (
    <html lang="en">
      <head>
        <title>Contact centre</title>
        <link rel="icon" href="data:," />
      </head>
      <body>
        <Session value={dehydrate(session)}>{children}</Session>
      </body>
    </html>
  );
}
