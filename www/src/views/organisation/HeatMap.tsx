import { useEffect, useRef, useState } from "preact/hooks";
import { Scrollable } from "../../parts/ui.js";
import { useApp } from "../../state/app.js";
import { text } from "../../text.js";
import type { Resolved } from "./protocol.js";

const COLUMN = 5;
const HEIGHT = 420;
/** Minimum height of a band in pixels, as long as space remains. */
const LEAST = 1;

/** End position of each group's band; its height is proportional to its number of people. */
function bands({ groups, size, errorCount }: Resolved): number[] {
  const all = Math.max(1, size - errorCount);
  const ends: number[] = [];
  let end = 0;
  for (const { people } of groups) {
    end = Math.min(HEIGHT, end + Math.max(LEAST, Math.round((people / all) * HEIGHT)));
    ends.push(end);
  }
  return ends;
}

/** Groups with identical access as bands, operations as columns. Clicking a column lists who can do that operation. */
export function HeatMap({ resolved, onChoose }: { resolved: Resolved; onChoose: (operation: string) => void }) {
  const { model, state } = useApp();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [hovered, setHovered] = useState("");
  const operations = model.policy.operations;
  const ends = bands(resolved);

  useEffect(() => {
    const paint = () => draw(canvas.current, resolved, ends, operations.indexOf(state.op ?? ""));
    paint();
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    scheme.addEventListener("change", paint);
    const theme = new MutationObserver(paint);
    theme.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    return () => {
      scheme.removeEventListener("change", paint);
      theme.disconnect();
    };
  }, [resolved, state.op]);

  const at = (event: MouseEvent) => {
    const box = canvas.current?.getBoundingClientRect();
    if (!box) return {};
    const operation = operations[Math.floor(((event.clientX - box.left) / box.width) * operations.length)];
    const line = ((event.clientY - box.top) / box.height) * HEIGHT;
    return { operation, group: resolved.groups[ends.findIndex((end) => line < end)] };
  };
  const onMove = (event: MouseEvent) => {
    const { operation, group } = at(event);
    setHovered(
      operation && group
        ? `${model.label(operation)} · ${group.people.toLocaleString("en")} × ${group.name}: ${group.allowed[operations.indexOf(operation)] ? text.compare.yes : text.compare.no}`
        : "",
    );
  };
  const onClick = (event: MouseEvent) => {
    const { operation } = at(event);
    if (operation) onChoose(operation);
  };
  return (
    <>
      <p class="dim">{text.organisation.mapHelp}</p>
      <Scrollable label={text.organisation.tabs.map}>
        <canvas
          ref={canvas}
          class="map"
          role="img"
          aria-label={text.organisation.map(resolved.size, operations.length)}
          width={operations.length * COLUMN}
          height={HEIGHT}
          onMouseMove={onMove}
          onMouseLeave={() => setHovered("")}
          onClick={onClick}
        />
      </Scrollable>
      <p class="dim map-line">{hovered || "\u00a0"}</p>
    </>
  );
}

function draw(canvas: HTMLCanvasElement | null, { groups }: Resolved, ends: readonly number[], chosen: number) {
  const context = canvas?.getContext("2d");
  if (!canvas || !context) return;
  const style = getComputedStyle(canvas);
  const [ground, allowed, marked] = [style.backgroundColor, style.color, style.borderBottomColor];
  context.fillStyle = ground;
  context.fillRect(0, 0, canvas.width, canvas.height);
  groups.forEach((group, index) => {
    const [from, to] = [ends[index - 1] ?? 0, ends[index] ?? 0];
    context.fillStyle = allowed;
    const height = Math.max(1, to - from - (to - from > 6 ? 1 : 0));
    group.allowed.forEach((bit, column) => {
      if (bit) context.fillRect(column * COLUMN, from, COLUMN - 1, height);
    });
  });
  if (chosen < 0) return;
  context.strokeStyle = marked;
  context.lineWidth = 2;
  context.strokeRect(chosen * COLUMN - 1, 0, COLUMN + 1, canvas.height);
}
