import { render } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { ComponentType } from "preact";
import { Keys } from "./parts/keys.js";
import { PaletteProvider } from "./parts/Palette.js";
import { BottomNav, Side } from "./parts/Side.js";
import { ToastView } from "./parts/ToastView.js";
import { keepFocus } from "./parts/focus.js";
import { focusTitle } from "./parts/titles.js";
import { Button, Loading } from "./parts/ui.js";
import { AppProvider, useApp } from "./state/app.js";
import { isEmbedded } from "./embed/frame.js";
import { isServed } from "./state/served.js";
import { loadSoon, loadStudio } from "./state/tools.js";
import type { View } from "./state/types.js";
import { chosenLanguage, language, speak, text } from "./text/index.js";
import { PersonView } from "./views/person/PersonView.js";

// Views other than the person are loaded on demand
const lazy: { readonly [view in Exclude<View, "person">]: () => Promise<ComponentType> } = {
  roles: () => import("./views/roles/RolesView.js").then(({ RolesView }) => RolesView),
  matrix: () => import("./views/matrix/MatrixView.js").then(({ MatrixView }) => MatrixView),
  installation: () =>
    import("./views/installation/InstallationView.js").then(({ InstallationView }) => InstallationView),
  requests: () => import("./views/requests/RequestsView.js").then(({ RequestsView }) => RequestsView),
  guides: () => import("./views/guides/GuidesView.js").then(({ GuidesView }) => GuidesView),
  reports: () => import("./views/reports/ReportsView.js").then(({ ReportsView }) => ReportsView),
  import: () => import("./views/import/ImportView.js").then(({ ImportView }) => ImportView),
  policy: () => import("./views/policy/PolicyView.js").then(({ PolicyView }) => PolicyView),
  compare: () => import("./views/compare/CompareView.js").then(({ CompareView }) => CompareView),
};

function Content() {
  const { question, workspace } = useApp();
  const { view } = question;
  const [loaded, setLoaded] = useState<{ view: View; View: ComponentType }>();
  const [error, setError] = useState<string>();
  const [tries, setTries] = useState(0);
  useEffect(() => {
    if (view === "person") return;
    setError(undefined);
    lazy[view]().then(
      (View) => setLoaded({ view, View }),
      (thrown: unknown) => setError(String((thrown as Error).message)),
    );
  }, [view, tries]);
  if (view === "person") return <PersonView />;
  if (loaded?.view !== view) return <Loading error={error} retry={() => setTries(tries + 1)} />;
  return <loaded.View key={workspace.id} />;
}

function Page() {
  const { question, model, workspace } = useApp();
  const drawn = useRef(question.view);
  // What had the focus may have been part of the place before
  useLayoutEffect(() => {
    if (drawn.current !== question.view && document.activeElement === document.body) focusTitle("view");
    drawn.current = question.view;
  }, [question.view]);
  useEffect(() => {
    document.title = `${text.views[question.view]} · ${workspace.name} · ${text.title}`;
    document.documentElement.setAttribute("data-ready", question.view);
  }, [question.view, model, workspace.name]);
  return (
    <PaletteProvider>
      {/* biome-ignore lint/a11y/useValidAnchor: a skip link; following it would replace the question in the address */}
      <a
        class="skip"
        href="#content"
        onClick={(event) => {
          event.preventDefault();
          (
            document.querySelector<HTMLElement>('[role=treeitem][tabindex="0"]') ?? document.getElementById("content")
          )?.focus();
        }}
      >
        {text.skip}
      </a>
      <Side />
      <main id="content" tabIndex={-1} class="screen" data-view={question.view}>
        <Content />
        <ToastView />
      </main>
      <BottomNav />
      <Keys />
    </PaletteProvider>
  );
}

const failed = (message: string) => (
  <main class="pad">
    <h1>{text.errors.failed}</h1>
    <pre role="alert">{message}</pre>
    {!isEmbedded && (
      <Button
        kind="primary"
        onClick={() => {
          history.replaceState(null, "", "#person/vicidial");
          location.reload();
        }}
      >
        {text.errors.back}
      </Button>
    )}
  </main>
);

/** Draws the page in the language that was chosen. */
async function start() {
  await speak(chosenLanguage());
  document.documentElement.lang = language;
  render(
    <AppProvider
      waiting={
        <main class="screen">
          <Loading />
        </main>
      }
      failed={failed}
    >
      {() => <Page />}
    </AppProvider>,
    document.getElementById("page") as HTMLElement,
  );
  keepFocus();
  if (isEmbedded) document.documentElement.setAttribute("data-embedded", "");
  else keepOffline();
  loadSoon();
}

/** Keeps the files of the page in this browser, after the first view has been drawn. */
function keepOffline() {
  if (!("serviceWorker" in navigator) || !import.meta.env.PROD || isServed) return;
  const register = () =>
    navigator.serviceWorker.register("./sw.js").then(
      () => navigator.serviceWorker.ready.then(() => document.documentElement.setAttribute("data-offline", "ready")),
      () => undefined, // not on a secure origin, or not allowed: the page works with a network
    );
  loadStudio().then(register, register);
}
void start();
