import type { TestNode } from "privet/studio";
import { Badge, Glyph } from "../../parts/ui.js";
import { useApp } from "../../state/app.js";
import { isShared } from "../../state/model.js";
import { formatHeld, formatNeeded } from "../../state/format.js";
import { text } from "../../text.js";

/** A requirement as a tree, with the needed and the held value of each test. */
export function WhyTree({ tree }: { tree: TestNode }) {
  return (
    <ul class="why-tree">
      <Node node={tree} />
    </ul>
  );
}

function Node({ node }: { node: TestNode }) {
  const { model, go } = useApp();
  const { kind, verdict, children = [], id = "", because } = node;
  const fact = model.facts.get(id);
  if (kind !== "test") {
    const words = children.length === 0 ? (verdict === "yes" ? text.why.nothing : text.why.never) : text.why[kind];
    return (
      <li class={`why-node ${verdict}`}>
        <span class="why-line">
          <Glyph mark={verdict} /> <span class="dim">{words}</span> <span class="unseen">{text.verdicts[verdict]}</span>
        </span>
        {children.length > 0 && (
          <ul>
            {children.map((child, index) => (
              <Node key={index} node={child} />
            ))}
          </ul>
        )}
      </li>
    );
  }
  // Each test links to its cause: the control that sets it, or the explanation of the operation it reads
  const lead = (event: Event) => {
    event.preventDefault();
    go(
      model.operations.has(id)
        ? { view: "preview", item: model.operations.get(id)?.menu[0]?.at(-1)?.id ?? "", op: id, pane: "why" }
        : { view: "preview", search: model.label(id), pane: "privileges" },
    );
  };
  const line = (
    <span class="why-line">
      <Glyph mark={verdict} />
      <span class="unseen">{text.verdicts[verdict]}: </span>
      <button type="button" class="why-label" onClick={lead}>
        {model.label(id)}
      </button>
      {fact && (
        <Badge tone="fact" title={fact.where ?? ""}>
          {isShared(fact) ? text.facts.system1 : text.facts.own1}
        </Badge>
      )}
      <span class="why-needs">
        {text.why.needs} <b>{formatNeeded(model, node)}</b> · {text.why.has} <b>{formatHeld(model, node)}</b>
      </span>
    </span>
  );
  return (
    <li class={`why-node ${verdict}`}>
      {children.length > 0 ? (
        <details open={verdict !== "yes"}>
          <summary>{line}</summary>
          <ul>
            {children.map((child, index) => (
              <Node key={index} node={child} />
            ))}
          </ul>
        </details>
      ) : (
        line
      )}
      {because && (
        <p class="idle">
          <Badge tone="warn">{text.privileges.noEffect}</Badge> {because.sentence}
        </p>
      )}
    </li>
  );
}
