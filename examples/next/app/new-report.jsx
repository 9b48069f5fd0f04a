"use client";
import { useEffect, useState } from "react";
import { Can } from "privet/react";
import { addReport } from "./actions.js";

export function NewReport({ why }) {
  const [answer, setAnswer] = useState("");
  useEffect(() => {
    globalThis.hydrated = true; // for the tests
  }, []);
  return (
    <Can do="data.reports.manage" disabled reason={why}>
      {(_, disabled) => (
        <button
          type="button"
          data-part="manage"
          onClick={async () => setAnswer(await addReport("sales"))}
          {...disabled}
        >
          New report {answer}
        </button>
      )}
    </Can>
  );
}
