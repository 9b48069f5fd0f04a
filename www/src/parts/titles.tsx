// Titles of views and answers, which the focus is moved to, and headings.
import type { ComponentChildren } from "preact";
import { afterDrawing } from "./focus.js";
import { Top } from "./Panes.js";
import { Empty } from "./ui.js";

type Children = { readonly children: ComponentChildren };
const ids = { view: "view-title", answer: "why-title", role: "role-title" } as const;

export const ViewTitle = ({ children, class: kind }: Children & { readonly class?: string }) => (
  <h1 id={ids.view} tabIndex={-1} class={kind}>
    {children}
  </h1>
);

/** The title of the role in view. */
export const RoleTitle = ({ children, class: kind }: Children & { readonly class?: string }) => (
  <h2 id={ids.role} tabIndex={-1} class={kind}>
    {children}
  </h2>
);

/** The title of the pane that answers what the view asks. */
export const AnswerTitle = ({ children }: Children) => (
  <h2 id={ids.answer} tabIndex={-1}>
    {children}
  </h2>
);

/** Moves the focus to a title once the page has been drawn again; to the whole place where a narrow screen does not show it. */
export const focusTitle = (title: keyof typeof ids): void =>
  afterDrawing(() => {
    const found = document.getElementById(ids[title]);
    return !found || found.checkVisibility() ? found : document.getElementById("content");
  });

/** A heading with a count or a few words at its end. */
export function Heading({
  children,
  level = 2,
  count,
}: Children & { readonly level?: 2 | 3; readonly count?: ComponentChildren }) {
  const Tag = `h${level}` as const;
  return (
    <div class="rowhead">
      <Tag>{children}</Tag>
      {count && <span class="count">{count}</span>}
    </div>
  );
}

/** A view that has nothing to show: why, and what to do. */
export const EmptyView = ({
  title,
  why,
  help,
  children,
}: {
  readonly title: string;
  readonly why: string;
  readonly help: string;
  readonly children?: ComponentChildren;
}) => (
  <>
    <Top>
      <ViewTitle>{title}</ViewTitle>
    </Top>
    <div class="pad">
      <Empty title={why}>
        <p class="s dim">{help}</p>
        {children && <span>{children}</span>}
      </Empty>
    </div>
  </>
);
