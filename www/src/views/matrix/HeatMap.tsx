import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Empty } from "../../parts/ui.js";
import { useApp } from "../../state/app.js";
import { text } from "../../text/index.js";
import type { Imported } from "../import/people.js";
import type { Group, Resolved } from "../import/protocol.js";
import { groupNames } from "../import/groups.js";
import { itemOf } from "../../state/model.js";

const HEIGHT = 520;
/** Room for the names of groups and sections. */
const LEFT = 168;
const TOP = 88;
/** Room for the end of the last section's name. */
const RIGHT = 56;
/** Minimum height of a band, and of a band with a name, in pixels. */
const LEAST = 2;
const NAMED = 14;
/** The least distance of two names of sections. */
const LABEL = 17;
/** Groups that are drawn. */
const DRAWN = 120;
const NONE: readonly Group[] = [];

interface Band {
  readonly group: Group;
  readonly from: number;
  readonly to: number;
}

/** The band of each group; its height grows with its people. */
function bandsOf({ groups, size }: Resolved): Band[] {
  let end = TOP;
  const some = groups.slice(0, DRAWN);
  const room = HEIGHT - some.length * LEAST;
  return some.map((group) => {
    const from = end;
    end += LEAST + Math.round((room * group.people) / Math.max(1, size));
    return { group, from, to: end };
  });
}

/** Groups of identical access in rows, operations in columns, both axes labelled. Arrows move a cross-hair whose cell is read out. */
export function HeatMap({ imported }: { imported: Imported }) {
  const { model, question, ask, workspace } = useApp();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [at, setAt] = useState({ row: 0, column: 0 });
  const { phase } = imported;
  const resolved = phase.is === "resolved" ? phase.resolved : undefined;
  const columns = model.allowable;
  const indexes = columns.map(({ id }) => (model.policy.operations as readonly string[]).indexOf(id));
  const bands = resolved ? bandsOf(resolved) : [];
  const name = groupNames(model, workspace.groups, resolved?.groups ?? NONE);
  // As wide as the pane where the columns stay visible; else it scrolls
  const [room, setRoom] = useState(860);
  useLayoutEffect(() => {
    const frame = canvas.current?.parentElement;
    if (!frame) return;
    const observer = new ResizeObserver(() => setRoom(frame.clientWidth));
    observer.observe(frame);
    return () => observer.disconnect();
  }, [resolved]);
  const fitting = Math.floor((2 * (room - LEFT - RIGHT)) / Math.max(1, columns.length)) / 2;
  const width = Math.max(2.5, Math.min(16, fitting));
  const size = { width: LEFT + width * columns.length + RIGHT, height: TOP + HEIGHT + 8 };
  useEffect(() => {
    const asked = columns.findIndex(({ id }) => id === question.op);
    if (asked >= 0) setAt((was) => ({ ...was, column: asked }));
  }, [question.op]);
  useEffect(() => {
    const paint = () => draw(canvas.current, size, bands, columns, indexes, width, at, name);
    paint();
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    scheme.addEventListener("change", paint);
    const theme = new MutationObserver(paint);
    theme.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    return () => {
      scheme.removeEventListener("change", paint);
      theme.disconnect();
    };
  }, [resolved, at, workspace.groups, width]);
  if (!resolved)
    return (
      <div class="pad">
        <Empty title={text.matrix.noPeople}>
          <p class="s dim">{text.matrix.noPeopleHelp}</p>
        </Empty>
      </div>
    );
  const band = bands[at.row];
  const operation = columns[at.column];
  const can = band && operation ? Boolean(band.group.allowed[indexes[at.column] ?? -1]) : false;
  const cell =
    band && operation
      ? text.matrix.cell(name(band.group), operation.label, can ? text.matrix.legend.can : text.matrix.legend.cannot)
      : "";
  const onKeyDown = (event: KeyboardEvent) => {
    const moves: { [key: string]: readonly [number, number] } = {
      ArrowDown: [1, 0],
      ArrowUp: [-1, 0],
      ArrowRight: [0, 1],
      ArrowLeft: [0, -1],
      PageDown: [10, 0],
      PageUp: [-10, 0],
    };
    const move = moves[event.key];
    if (event.key === "Enter" && operation) return ask({ op: operation.id, item: itemOf(operation) });
    if (!move) return;
    event.preventDefault();
    setAt({
      row: Math.max(0, Math.min(bands.length - 1, at.row + move[0])),
      column: Math.max(0, Math.min(columns.length - 1, at.column + move[1])),
    });
  };
  const point = (event: MouseEvent) => {
    const box = canvas.current?.getBoundingClientRect();
    if (!box) return;
    const [x, y] = [
      ((event.clientX - box.left) / box.width) * size.width,
      ((event.clientY - box.top) / box.height) * size.height,
    ];
    const row = bands.findIndex(({ from, to }) => y >= from && y < to);
    const column = Math.floor((x - LEFT) / width);
    if (row >= 0 && column >= 0 && column < columns.length) setAt({ row, column });
  };
  return (
    <div class="pad stack t heat">
      <div
        class="heat-frame"
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys move through the cells
        tabIndex={0}
        aria-label={text.matrix.heat(bands.length, columns.length)}
        aria-describedby="heat-cell"
        onKeyDown={onKeyDown}
        data-heat
      >
        <canvas
          ref={canvas}
          width={size.width * 2}
          height={size.height * 2}
          style={{ width: `${size.width}px`, height: `${size.height}px` }}
          onMouseMove={point}
          onClick={() => operation && ask({ op: operation.id, item: itemOf(operation) })}
        />
      </div>
      <p class="s" id="heat-cell" role="status" data-heat-cell>
        {cell}
      </p>
      <p class="xs mute">
        {text.matrix.heatSize} · ↓ {text.matrix.byGroup} · → {text.matrix.byOperation}
      </p>
    </div>
  );
}

type Column = { readonly section: string };

function draw(
  canvas: HTMLCanvasElement | null,
  size: { width: number; height: number },
  bands: readonly Band[],
  columns: readonly Column[],
  indexes: readonly number[],
  width: number,
  at: { row: number; column: number },
  name: (group: Group) => string,
) {
  const context = canvas?.getContext("2d");
  if (!canvas || !context) return;
  const style = getComputedStyle(canvas);
  const colour = (token: string) => style.getPropertyValue(token).trim();
  // `light-dark()` is resolved by the browser only where it is used: on elements of the frame
  const used = (token: string) => {
    const probe = document.createElement("i");
    probe.style.color = `var(${token})`;
    canvas.parentElement?.append(probe);
    const found = getComputedStyle(probe).color;
    probe.remove();
    return found || colour(token);
  };
  const [ground, allowed, words, line, accent] = [
    used("--sunken"),
    used("--accent"),
    used("--text-2"),
    used("--line-2"),
    used("--text"),
  ];
  context.setTransform(2, 0, 0, 2, 0, 0);
  context.clearRect(0, 0, size.width, size.height);
  context.font = "12px system-ui, sans-serif";
  const gap = width < 4 ? 0.5 : 1;
  bands.forEach(({ group, from, to }) => {
    const height = Math.max(1, to - from - 1);
    context.fillStyle = ground;
    context.fillRect(LEFT, from, width * columns.length, height);
    context.fillStyle = allowed;
    indexes.forEach((index, column) => {
      if (group.allowed[index]) context.fillRect(LEFT + column * width, from, width - gap, height);
    });
    if (to - from >= NAMED) {
      context.fillStyle = words;
      context.textAlign = "right";
      const count = ` ${text.n(group.people)}`;
      const room = LEFT - 12 - context.measureText(count).width;
      context.fillText(`${cut(context, name(group), room)}${count}`, LEFT - 8, (from + to) / 2 + 4);
    }
  });
  context.textAlign = "left";
  let last = "";
  let free = 0; // where the next label may begin
  columns.forEach(({ section }, column) => {
    if (section === last) return;
    last = section;
    const x = LEFT + column * width;
    context.strokeStyle = line;
    context.beginPath();
    context.moveTo(x - 0.5, TOP - 6);
    context.lineTo(x - 0.5, size.height);
    context.stroke();
    const label = Math.max(x + 8, free);
    free = label + LABEL;
    context.beginPath();
    context.moveTo(x - 0.5, TOP - 6);
    context.lineTo(label - 4, TOP - 10);
    context.stroke();
    context.save();
    context.translate(label, TOP - 10);
    context.rotate(-Math.PI / 4);
    context.fillStyle = words;
    context.fillText(cut(context, section, 110), 0, 0);
    context.restore();
  });
  const band = bands[at.row];
  if (!band) return;
  context.strokeStyle = accent;
  context.lineWidth = 1.5;
  context.strokeRect(LEFT + at.column * width - 1.5, TOP - 3, width + 2, size.height - TOP);
  context.strokeRect(LEFT - 2, band.from - 1.5, width * columns.length + 4, Math.max(4, band.to - band.from + 2));
}

function cut(context: CanvasRenderingContext2D, words: string, room: number): string {
  if (context.measureText(words).width <= room) return words;
  let end = words.length;
  while (end > 1 && context.measureText(`${words.slice(0, end)}…`).width > room) end--;
  return `${words.slice(0, end)}…`;
}
