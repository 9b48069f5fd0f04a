import type { TestNode } from "privet/studio";
import { LinkButton, Mark, Tag, VerdictMark } from "../../parts/ui.js";
import { useApp } from "../../state/app.js";
import { formatHeld, formatNeeded } from "../../state/format.js";
import { isShared } from "../../state/facts.js";
import { itemOf } from "../../state/model.js";
import { missingNames } from "../../state/opens.js";
import { text } from "../../text/index.js";

/** A requirement: a flat list where all or one of its tests are needed, else a tree. */
export function WhyTree({ tree }: { tree: TestNode }) {
  const { kind, children = [] } = tree;
  const isFlat = children.length > 0 && kind !== "test" && kind !== "not";
  return (
    <>
      <ul class="req">
        {isFlat ? children.map((child, index) => <Node key={index} node={child} />) : <Node node={tree} />}
      </ul>
      {isFlat && children.length > 1 && <p class="xs mute">{kind === "all" ? text.why.needsAll : text.why.needsAny}</p>}
    </>
  );
}

function Node({ node }: { node: TestNode }) {
  const { model, ask } = useApp();
  const { kind, verdict, children = [], id = "", because } = node;
  const fact = model.facts.get(id);
  if (kind !== "test") {
    const words = children.length === 0 ? (verdict === "yes" ? text.why.nothing : text.why.never) : text.why[kind];
    return (
      <li>
        <VerdictMark verdict={verdict} />
        <span class="dim">{words}</span>
        <span class="v" />
        {children.length > 0 && (
          <ul class="req inner">
            {children.map((child, index) => (
              <Node key={index} node={child} />
            ))}
          </ul>
        )}
      </li>
    );
  }
  // Each test leads to its cause: the control that sets it, or the answer about the operation that it reads
  const lead = () => {
    const operation = model.operations.get(id);
    if (operation) return ask({ view: "person", item: itemOf(operation), op: id, pane: "why" });
    if (isShared(fact)) return ask({ view: "installation", fact: id });
    ask({ view: "person", search: model.label(id), pane: "privileges" });
  };
  const needed = formatNeeded(model, node);
  const isPlain = needed === text.values.granted || needed === text.values.on || needed === text.values.allowed;
  return (
    <li data-test={id}>
      {because ? <Mark tone="warn" icon="warn" /> : <VerdictMark verdict={verdict} />}
      <span>
        <LinkButton plain onClick={lead}>
          {model.label(id)}
        </LinkButton>{" "}
        {fact && <Tag tone="fact">{isShared(fact) ? text.why.installation : text.why.aFact}</Tag>}
        {!isPlain && (
          <span class="s dim">
            {" "}
            {text.why.needs} {needed}
          </span>
        )}
      </span>
      <span class="v">{because ? text.why.grantedInVain : formatHeld(model, node)}</span>
      {because && (
        <span class="note warn">
          {text.why.needs} {missingNames(model, because)}
        </span>
      )}
      {children.length > 0 && (
        <details class="inner" open={verdict !== "yes"}>
          <summary class="xs">{text.why.takes}</summary>
          <ul class="req">
            {children.map((child, index) => (
              <Node key={index} node={child} />
            ))}
          </ul>
        </details>
      )}
    </li>
  );
}
