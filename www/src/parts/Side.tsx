import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { isEmbedded } from "../embed/frame.js";
import { newWorkspace } from "../state/examples.js";
import { loadModel } from "../state/model.js";
import { SERVED, isServed, servedText } from "../state/served.js";
import { store } from "../state/store.js";
import { useApp } from "../state/app.js";
import { useSaved } from "../state/saving.js";
import { policies, products } from "../state/types.js";
import type { Carried, Question, View, Workspace } from "../state/types.js";
import { choose as chooseLanguage, language, languages, text } from "../text/index.js";
import { openFile, saveFile } from "./files.js";
import { Choice } from "./Choice.js";
import { Dialog, Naming } from "./Dialog.js";
import { Icon } from "./Icon.js";
import { usePalette } from "./Palette.js";
import { Segmented } from "./ui.js";
import { carriedOf } from "../state/hash.js";
import { openCarried } from "../state/workspaces.js";
import { remember, remembered } from "../state/remembered.js";

export const icons: { readonly [view in View]: string } = {
  person: "person",
  roles: "roles",
  matrix: "grid",
  installation: "sliders",
  requests: "send",
  guides: "list",
  reports: "file",
  import: "up",
  policy: "code",
  compare: "columns",
};

export function Side() {
  const { workspace } = useApp();
  const openRequests = workspace.requests.filter(({ state }) => state !== "done").length;
  const palette = usePalette();
  return (
    <aside class="side">
      <div class="brand">
        <Brand />
        <span>{text.title}</span>
      </div>
      <System />
      <button
        type="button"
        class="field"
        onClick={palette.open}
        aria-label={text.shell.search}
        title={text.shell.search}
      >
        <Icon name="search" />
        <span class="grow">{text.shell.search}</span>
        <kbd>/</kbd>
      </button>
      <nav class="nav" aria-label={text.viewsLabel}>
        {(["person", "roles", "matrix", "installation"] as const).map((view) => (
          <Place key={view} view={view} />
        ))}
        <h3>{text.sections.work}</h3>
        <Place view="requests" count={openRequests} />
        <Place view="guides" />
        <Place view="reports" />
        <h3>{text.sections.data}</h3>
        <Place view="import" />
        <Place view="policy" />
      </nav>
      <div class="foot">
        <p class="honest">{text.honest}</p>
        {!isEmbedded && <Saving />}
        <Language />
        <Theme />
      </div>
    </aside>
  );
}

const Brand = () => (
  <svg viewBox="0 0 20 20" aria-hidden="true">
    <path
      d="M3 17V9.500a3.500 3.500 0 0 1 7 0V17M10 17V7a3.500 3.500 0 0 1 7 0v10M1.500 17h17"
      fill="none"
      stroke="var(--accent)"
      stroke-width="2"
      stroke-linecap="round"
      stroke-linejoin="round"
    />
  </svg>
);

/** The place that a comparison belongs to. */
const compared: { readonly [mode in Question["mode"]]: View } = {
  people: "person",
  time: "person",
  roles: "roles",
  versions: "policy",
};

export function Place({ view, count = 0 }: { view: View; count?: number }) {
  const { question, ask, workspace } = useApp();
  const isHere = view === question.view;
  const isMarked = isHere || (question.view === "compare" && view === compared[question.mode]);
  return (
    <a
      href={`#${view}/${workspace.id}`}
      class={isMarked ? "on" : ""}
      aria-current={isHere ? "page" : isMarked ? "true" : undefined}
      aria-label={text.views[view]}
      title={text.views[view]}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        ask({ view });
      }}
    >
      <Icon name={icons[view]} />
      <span>{text.views[view]}</span>
      {count > 0 && <span class="count">{count}</span>}
    </a>
  );
}

/** Places at the bottom of narrow windows; the rest are behind More. */
export function BottomNav() {
  const [more, setMore] = useState(false);
  const { question } = useApp();
  const palette = usePalette();
  const button = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => setMore(false), [question]);
  return (
    <>
      {more && (
        // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes the sheet wherever the focus is in it
        <div
          class="sheet-up"
          onKeyDown={(event) => {
            if (event.key !== "Escape" || event.defaultPrevented) return;
            setMore(false);
            button.current?.focus();
          }}
        >
          <System />
          <nav class="nav" aria-label={text.more}>
            {(["installation", "guides", "reports", "import", "policy", "compare"] as const).map((view) => (
              <Place key={view} view={view} />
            ))}
          </nav>
          <button type="button" class="btn" onClick={palette.open}>
            <Icon name="search" /> {text.shell.search}
          </button>
          <p class="honest">{text.honest}</p>
          {!isEmbedded && <Saving />}
          <Language />
          <Theme />
        </div>
      )}
      <nav class="bottomnav" aria-label={text.viewsLabel}>
        {(["person", "roles", "matrix", "requests"] as const).map((view) => (
          <Place key={view} view={view} />
        ))}
        <button ref={button} type="button" aria-expanded={more} onClick={() => setMore(!more)}>
          <Icon name="dots" />
          <span>{text.more}</span>
        </button>
      </nav>
    </>
  );
}

/** The workspace in use; others, new ones, names, files. */
function System() {
  const app = useApp();
  const { workspace, model, open, start, update, ask, notify } = app;
  const [kept, setKept] = useState<readonly Workspace[]>([]);
  const [naming, setNaming] = useState(false);
  const [removing, setRemoving] = useState(false);
  useEffect(() => {
    void store.workspaces().then(setKept);
  }, [workspace.id, workspace.name]);
  const { version } = model.described;
  const note = workspace.policy === "own" ? text.shell.own(version) : text.shell.builtIn(version);
  const isExample = policies.some((id) => id === workspace.id) || (isServed && workspace.id === SERVED);
  const others = [...kept.filter(({ id }) => id !== workspace.id), workspace].filter(
    ({ id }) => !(id in products || (isServed && id === SERVED)),
  );
  const items = [
    ...(servedText() === undefined ? [] : [{ id: SERVED, label: text.workspaces.served }]),
    ...policies.map((id) => ({ id: id as string, label: products[id] ?? id, group: text.workspaces.builtIn })),
    ...others.map(({ id, name, content }) => ({
      id,
      label: name,
      group: text.workspaces.yours,
      hint: text.workspaces.people(content.people.length),
    })),
  ];
  const fresh = () => `w-${Date.now().toString(36)}`;
  const copy = async () => {
    const id = fresh();
    await store.copyImport(workspace.id, id).catch(() => undefined); // where storage is full or blocked, the page says so when it saves the workspace
    await start({ ...workspace, id, name: text.workspaces.copyOf(workspace.name), past: [], future: [] }, model);
  };
  const bring = async () => {
    const file = await openFile(".json,application/json");
    if (!file) return;
    try {
      const { model, workspace, notice } = await openCarried(carriedOf(JSON.parse(await file.text())), "file");
      await start(workspace, model);
      if (notice) notify({ words: notice, tone: "loss" });
    } catch {
      notify({ words: text.workspaces.notWorkspace, tone: "loss" });
    }
  };
  const give = async () => {
    const { name, policy, text: document, content, requests, versions, groups, draft } = workspace;
    const kept = { requests, versions, groups, ...(draft !== undefined && { draft }) };
    const carried: Carried = { policy, name, ...(document !== undefined && { text: document }), content, kept };
    saveFile(new Blob([JSON.stringify(carried, null, 1)], { type: "application/json" }), `${workspace.id}.privet.json`);
    const isAll = !(await store.hasImport(workspace.id));
    notify({ words: isAll ? text.workspaces.exported : text.workspaces.exportedWithout, tone: "gain" });
  };
  const afresh = async () => {
    const model = await loadModel(workspace.policy, workspace.text);
    if (isExample)
      app.commit(newWorkspace(model, workspace.id, workspace.policy).content, text.workspaces.reset(workspace.name));
    else {
      await store.deleteWorkspace(workspace.id);
      open("vicidial");
    }
  };
  if (naming)
    return (
      <Naming
        label={text.workspaces.name}
        value={workspace.name}
        onName={(name) => update({ name })}
        onClose={() => setNaming(false)}
      />
    );
  return (
    <>
      <Choice
        label={text.shell.system}
        kind="system"
        value={workspace.id}
        items={items}
        onChange={(id) => id !== workspace.id && open(id, { view: app.question.view })}
        face={
          <span class="grow">
            <b>{products[workspace.id] ?? workspace.name}</b>
            <span class="xs mute">{note}</span>
          </span>
        }
        acts={[
          { label: text.workspaces.create, icon: "copy", act: () => void copy() },
          { label: text.workspaces.own, icon: "code", act: () => ask({ view: "policy" }) },
          { label: text.workspaces.import, icon: "up", act: () => void bring() },
          { label: text.workspaces.export, icon: "downl", act: () => void give() },
          ...(isExample
            ? [
                {
                  label: text.workspaces.reset(products[workspace.id] ?? workspace.name),
                  icon: "undo",
                  act: () => void afresh(),
                },
              ]
            : [
                { label: text.workspaces.rename, icon: "pencil", act: () => setNaming(true) },
                { label: text.workspaces.remove, icon: "x", act: () => setRemoving(true) },
              ]),
        ]}
      />
      {removing && (
        <Dialog
          title={text.workspaces.removeTitle(workspace.name)}
          act={text.workspaces.remove}
          onAct={() => void afresh()}
          onClose={() => setRemoving(false)}
        >
          <p>{text.workspaces.removeHelp(workspace.content.people.length)}</p>
        </Dialog>
      )}
    </>
  );
}

function Saving() {
  const { notify } = useApp();
  const saving = useSaved();
  useEffect(() => {
    if (saving === "failed") notify({ words: text.shell.failed, tone: "loss" });
  }, [saving]);
  const [online, setOnline] = useState(navigator.onLine);
  useEffect(() => {
    const update = () => setOnline(navigator.onLine);
    addEventListener("online", update);
    addEventListener("offline", update);
    return () => {
      removeEventListener("online", update);
      removeEventListener("offline", update);
    };
  }, []);
  return (
    <p class={`saved ${saving === "failed" ? "loss" : ""}`}>
      <Icon name={saving === "failed" ? "warn" : "saved"} />
      {online || saving === "failed" ? text.shell[saving] : text.shell.offline}
    </p>
  );
}

const names = { en: "English", de: "Deutsch" } as const;
const Language = () => (
  <Segmented
    label={text.shell.language}
    options={languages.map((id) => ({ id, label: names[id] }))}
    value={language}
    onChange={chooseLanguage}
  />
);

const themes = ["auto", "light", "dark"] as const;

function Theme() {
  const [theme, setTheme] = useState(() => themes.find((it) => it === remembered("theme")) ?? "auto");
  useLayoutEffect(() => {
    document.documentElement.setAttribute("data-theme", theme);
    remember("theme", theme);
  }, [theme]);
  return (
    <Segmented
      label={text.shell.theme}
      options={themes.map((id) => ({ id, label: text.shell.themes[id] }))}
      value={theme}
      onChange={setTheme}
    />
  );
}
