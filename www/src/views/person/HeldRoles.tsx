import { Icon } from "../../parts/Icon.js";
import { Check, LinkButton, Tag } from "../../parts/ui.js";
import { useApp } from "../../state/app.js";
import { assumedRoles } from "../../state/assumed.js";
import { listedId } from "../../state/workspace.js";
import { text } from "../../text/index.js";
import { Fold } from "./Fold.js";

/** Roles of the policy and those that were made here; what facts assume is shown and cannot be given. */
export function HeldRoles() {
  const { model, content, person, session, change, ask } = useApp();
  const made = content.roles.filter(({ id }) => !model.roles.has(id));
  const roles = [...model.described.roles, ...made.map(({ id, name }) => ({ id, label: name, when: undefined }))];
  if (roles.length === 0) return null;
  const isHeld = (id: string) =>
    person.roles.includes(id) || (person.subject.roles ?? []).some((role) => listedId(role) === id);
  const byFacts = assumedRoles(model.described.roles, session);
  const held = roles.filter(({ id }) => isHeld(id) || byFacts.includes(id)).length;
  return (
    <Fold
      id="roles"
      title={text.roles.title}
      count={text.grants.of(held, roles.length)}
      initial={held > 0 || model.described.privileges.every(({ grantedThrough }) => grantedThrough === "role")}
    >
      {() =>
        roles.map(({ id, label, when }) => (
          <div key={id} class="prow" data-row data-role={id} data-focus={`role ${id}`}>
            <span class="nm">
              {when ? (
                <>
                  {label}{" "}
                  {byFacts.includes(id) && (
                    <Tag tone="gain" icon="check">
                      {text.values.granted}
                    </Tag>
                  )}
                </>
              ) : (
                <Check
                  label={label}
                  on={isHeld(id)}
                  onChange={(on) =>
                    change(
                      person.id,
                      { roles: on ? { add: [id] } : { remove: [id] } },
                      on ? text.roles.did.give(label, person.name) : text.roles.remove(label),
                    )
                  }
                />
              )}
            </span>
            <span class="count" />
            <LinkButton onClick={() => ask({ view: "roles", role: id })} aria-label={`${text.views.roles}: ${label}`}>
              <Icon name="arrow" />
            </LinkButton>
            {when && <span class="sub">{text.roles.held(when.text.split(" ").map(model.label).join(" "))}</span>}
          </div>
        ))
      }
    </Fold>
  );
}
