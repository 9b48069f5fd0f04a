import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { ComponentType } from "preact";
import { Header } from "./parts/Header.js";
import { useKeys } from "./parts/keys.js";
import { Button, Loading } from "./parts/ui.js";
import { AppProvider, useApp } from "./state/app.js";
import { loadOnIntent } from "./state/tools.js";
import type { View } from "./state/types.js";
import { text } from "./text.js";
import { Preview } from "./views/preview/Preview.js";

// Views other than the preview are loaded on demand
const lazy: { readonly [view in Exclude<View, "preview">]: () => Promise<ComponentType> } = {
  guide: () => import("./views/Guide.js").then(({ Guide }) => Guide),
  compare: () => import("./views/Compare.js").then(({ Compare }) => Compare),
  review: () => import("./views/Review.js").then(({ Review }) => Review),
  organisation: () => import("./views/organisation/Organisation.js").then(({ Organisation }) => Organisation),
  policy: () => import("./views/policy/Policy.js").then(({ Policy }) => Policy),
};

function Content() {
  const { state } = useApp();
  const { view } = state;
  const [loaded, setLoaded] = useState<{ view: View; View: ComponentType }>();
  const [error, setError] = useState<string>();
  useEffect(() => {
    if (view === "preview") return;
    setError(undefined);
    lazy[view]().then(
      (View) => setLoaded({ view, View }),
      (thrown: unknown) => setError(String((thrown as Error).message)),
    );
  }, [view]);
  if (view === "preview") return <Preview />;
  if (loaded?.view !== view) return <Loading error={error} />;
  return <loaded.View key={state.policy} />;
}

function Page() {
  const app = useApp();
  const { state, notice, notify, model } = app;
  useKeys(app);
  useEffect(() => {
    document.title = `${text.views[state.view]} · ${model.described.title} · ${text.title}`;
    document.documentElement.setAttribute("data-ready", state.view);
  }, [state.view, model]);
  return (
    <>
      <Header />
      <div class="notice" role="alert">
        {notice && (
          <>
            <span>{notice}</span>{" "}
            <Button kind="quiet" aria-label={text.close} onClick={() => notify("")}>
              ×
            </Button>
          </>
        )}
      </div>
      <main id="content" tabIndex={-1} data-view={state.view}>
        <Content />
      </main>
      <footer>
        <p>{text.honest}</p>
        <p class="keys">{text.keys}</p>
      </footer>
    </>
  );
}

const failed = (message: string) => (
  <main class="failed">
    <h1>{text.errors.failed}</h1>
    <pre role="alert">{message}</pre>
    <Button
      kind="main"
      onClick={() => {
        location.hash = "#preview/vicidial";
      }}
    >
      {text.errors.back}
    </Button>
  </main>
);

loadOnIntent();
render(
  <AppProvider
    waiting={
      <main>
        <Loading />
      </main>
    }
    failed={failed}
  >
    <Page />
  </AppProvider>,
  document.getElementById("page") as HTMLElement,
);
