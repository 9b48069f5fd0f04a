import { useMemo } from "preact/hooks";
import { useApp } from "../../state/app.js";
import { reviews } from "../../state/plan.js";
import type { RoleInfo } from "../../state/roles.js";
import { useStudio } from "../../state/tools.js";
import { effects } from "../../state/workspace.js";
import { text } from "../../text/index.js";
import { useImported } from "../import/people.js";

/** The policy's rules on the change of this role's definition. */
export function DefinitionReview({ role }: { role: RoleInfo }) {
  const { model, content } = useApp();
  const { studio } = useStudio();
  const without = { ...content, roles: content.roles.filter(({ id }) => id !== role.id) };
  // What the change did is what taking it back would undo
  const { effect, imported } = useImported(role.kind === "changed" ? { roles: without.roles } : {});
  const touched = useMemo(() => (role.kind === "changed" ? effects(model, without, content) : []), [role, content]);
  const here = touched.filter(({ person }) => !imported.has(person));
  const answers = useMemo(() => {
    if (!studio || role.kind === "policy") return [];
    const before = { grants: role.kind === "changed" ? model.roles.get(role.id)?.grants : {} } as never;
    return reviews(studio, model, content, () => ({
      before,
      after: { grants: role.grants } as never,
      kind: "role-definition",
    }));
  }, [studio, role, content]);
  if (answers.length === 0) return null;
  const hasRules = model.described.changeRules.some(({ on }) => on.includes("role-definition"));
  const may = answers.filter(({ review }) => review.allowed === "yes");
  const broken = [...new Set(answers.flatMap(({ review }) => review.broken.map(({ label }) => label)))];
  return (
    <section class="pad stack t" data-definition-review>
      <h3>{text.roles.review}</h3>
      {hasRules ? (
        <p class="s">
          {may.length === 0
            ? text.requests.nobody
            : `${text.and(may.map(({ person }) => person.name))}: ${text.installation.may}.`}{" "}
          <span class="dim">{broken.join(" · ")}</span>
        </p>
      ) : (
        <p class="s dim">{text.roles.rulesNone}</p>
      )}
      {role.kind === "changed" && (
        <p class="s dim" data-role-effect>
          {text.roles.affects(here.length, effect?.touched ?? 0)}
        </p>
      )}
    </section>
  );
}
