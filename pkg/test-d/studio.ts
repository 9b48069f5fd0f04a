// The types of the studio's arguments and results use the ids of the policy.
import { open } from "privet";
import type { Change, Grants, OperationId, Owed, PrivilegeId, Subject } from "privet";
import { pack, type Schema as Contact } from "privet/policies/contact";
import { pack as dotdigitalPack, type Schema as Dotdigital } from "privet/policies/dotdigital";
import { messages as german } from "privet/messages/de";
import { studio } from "privet/studio";
import type {
  BitMatrix,
  MatrixOptions,
  PeopleGiver,
  DormantGrant,
  Explanation,
  Fix,
  FixOptions,
  FixResult,
  FixStep,
  GuideStep,
  Impact,
  ImpactTarget,
  LeastPrivilege,
  Message,
  Messages,
  NearestRoles,
  PackedRows,
  PolicyDifference,
  Population,
  PopulationPreview,
  Preview,
  Review,
  ReviewedChange,
  RowError,
} from "privet/studio";
import type { Schema as Bare } from "./bare.js";
import { expect, type Equals } from "./equals.js";

const tools = await studio();
const contact = open(pack);
const dotdigital = open(dotdigitalPack);
const session = contact.session();

// ── previews and dormant grants
expect<Equals<ReturnType<typeof tools.preview<Contact>>, Preview<Contact>>>();
const preview = tools.preview(session, { set: { reports: "modify" } });
preview.gained satisfies readonly OperationId<Contact>[];
preview.menu.shown satisfies readonly Contact["menu"][];
preview.obligations.added satisfies readonly Owed<Contact>[];
tools.dormant(session) satisfies readonly DormantGrant<Contact>[];
for (const { privilege, missing } of preview.dormant.removed) {
  session.holds(privilege);
  missing[0]?.because?.privilege satisfies PrivilegeId<Contact> | undefined;
}
// @ts-expect-error an unknown level
tools.preview(session, { set: { reports: "edit" } });
// @ts-expect-error a subject is not a change
tools.preview(session, { grants: {} });
// @ts-expect-error results are read-only
preview.gained.push("item.reports.view");
// @ts-expect-error an operation of another policy
preview.gained satisfies readonly OperationId<Dotdigital>[];

// ── populations
const staff = tools.population(contact, [{ grants: { reports: "modify" } }, {}], {
  onProgress: (done, total) => done / total,
});
expect<Equals<typeof staff, Population<Contact>>>();
expect<Equals<typeof staff.matrix, (options?: MatrixOptions<Contact>) => BitMatrix>>();
staff.givers("item.reports.view") satisfies readonly PeopleGiver<Contact>[];
// @ts-expect-error an unknown operation
staff.givers("no.such");
staff.whoCan("item.reports.view") satisfies readonly number[];
staff.errors satisfies readonly RowError[];
staff.preview({ set: { reports: null } }) satisfies PopulationPreview<Contact>;
staff.differences(await tools.populationAsync(contact, staff.pack() satisfies PackedRows)).gained[0]
  ?.operation satisfies OperationId<Contact> | undefined;
session.holds(staff.dormant()[0]!.privilege);
// @ts-expect-error a misspelt operation
staff.whoCan("item.reports.vew");
// @ts-expect-error a subject with an unknown privilege
tools.population(contact, [{ grants: { analytics: true } }]);
// @ts-expect-error a misspelt role
tools.population(contact, [{ roles: ["supervisr"] }]);
// @ts-expect-error the people of another policy
staff.differences(tools.population(dotdigital, []));
// @ts-expect-error an unknown privilege
staff.preview({ set: { analytics: true } });

// ── fixes, guides, reviews, impact, comparing
const options: FixOptions<Contact> = {
  to: "denied",
  costs: { reports: 2, "flow-editor": 50, supervisor: 1 },
  frozen: ["flow-editor", "reports"],
  through: "role",
};
// @ts-expect-error an unknown privilege, fact or role
const wrongCosts: FixOptions<Contact> = { costs: { report: 2 } };
// @ts-expect-error an operation cannot be frozen
const wrongFrozen: FixOptions<Contact> = { frozen: ["item.reports.view"] };
declare const step: FixStep<Contact>;
if (step.kind === "role") step.excess satisfies Grants<Contact>;
else if (step.kind === "switch" || step.kind === "learn") step.somebodyElse satisfies true;
// @ts-expect-error only steps on facts have it
else step.somebodyElse;
expect<Equals<Fix<Contact>["change"], Change<Contact>>>();
expect<Equals<Fix<Contact>["sideEffects"], Preview<Contact>>>();
expect<Equals<LeastPrivilege<Contact>["nearestRoles"], readonly NearestRoles<Contact>[]>>();
expect<Equals<GuideStep<Contact>["fixes"], FixResult<Contact> | undefined>>();
expect<Equals<Explanation<Contact>["nearMisses"][number]["change"], Change<Contact>>>();
expect<Equals<Review<Contact>["broken"][number]["explanation"], Explanation<Contact>>>();
const request: ReviewedChange<Contact> = { actor: session, before: {}, after: { roles: ["supervisor"] } };
const targets: readonly ImpactTarget<Contact>[] = [
  { privilege: "reports", value: "modify" },
  { privilege: "reports" },
  { fact: "flow-editor", value: true },
  { role: "supervisor" },
  { operation: "item.reports.view" },
];
// @ts-expect-error the type of the value depends on the privilege
const wrongTarget: ImpactTarget<Contact> = { privilege: "reports", value: true };
const any: ImpactTarget = { privilege: "anything", value: "any" };
expect<Equals<Impact<Contact>["needed"], readonly PrivilegeId<Contact>[]>>();
expect<Equals<PolicyDifference["changed"][number]["before"], string>>();
tools.fixes(session, "item.reports.view", options) satisfies FixResult<Contact>;
tools.leastPrivilege(contact, ["item.reports.view"]).nearestRoles satisfies readonly NearestRoles<Contact>[];
tools.impact(contact, { privilege: "reports", value: "modify" }) satisfies Impact<Contact>;
tools.compare(contact, contact) satisfies PolicyDifference<Contact>;
tools.compare(dotdigital, contact).changed[0]?.witness?.roles satisfies Subject<Contact>["roles"];
// @ts-expect-error a misspelt operation
tools.fixes(session, "item.reports.vew");
// @ts-expect-error the options of another policy
tools.fixes(session, "item.reports.view", { frozen: ["owner"] });
// @ts-expect-error the type of the value depends on the fact
tools.impact(contact, { fact: "flow-editor", value: "on" });
const nothing: ImpactTarget<Bare> = { operation: "page.open" };
// @ts-expect-error the policy has no privileges
const none: ImpactTarget<Bare> = { privilege: "any" };
export { any, none, nothing, options, request, targets, wrongCosts, wrongFrozen, wrongTarget };

// ── messages and labels
german satisfies Messages;
void studio({ messages: german, labels: {} });
void studio<Contact>({ labels: { privileges: { reports: "Berichte" } } });
// @ts-expect-error a misspelt id
void studio<Contact>({ labels: { privileges: { repots: "Berichte" } } });
// @ts-expect-error a misspelt message
void studio({ messages: { qouted: "" } });
expect<
  Equals<
    Extract<Message, { id: "compared" }>,
    { readonly id: "compared"; readonly label: string; readonly held: string }
  >
>();
