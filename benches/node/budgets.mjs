// The budgets, compared with the figures of one run. Relative budgets compare medians that were measured interleaved in one
// process. Absolute times compare the fastest round, with the budget scaled by the machine's pace (pace.mjs); Criterion's
// figures and compiling AWS IAM are not scaled, since most are far below their budgets. A missed budget fails nothing.

/** An aim has no verdict. */
const AIM = true;

/** Each budget: its name, the measured value, the allowed value, the unit. */
export function budgets({ engines, browser, studio, native }) {
  const { times, bytes } = engines;
  const against = (times, what, engine, share = 1) => [times[what].privet.median, share * times[what][engine].median];
  const scaled = ({ least, pace }, bound) => [least, bound * pace];
  const { start, policies, growth } = studio;
  const iam = growth.at(-1);
  const all = Object.values(policies);
  const slowest = all
    .map(({ fixes }) => ({ least: fixes.most, pace: fixes.pace }))
    .reduce((a, b) => (a.least / a.pace > b.least / b.pace ? a : b));
  const fast = (id) => native[id]?.least;
  const population = Object.entries(native).find(([id]) => /^population of 1000000 .*\/decide/.test(id));
  const pages = Object.entries({ "": times, ", Chromium": browser?.times }).filter(([, times]) => times);
  return [
    ...pages.flatMap(([where, times]) => [
      [`can(id) vs. closures in a Map${where}`, ...against(times, "check", "closures"), "ns"],
      [`can(id) vs. half the time of closures${where}`, ...against(times, "check", "closures", 1 / 2), "ns", AIM],
      [`can(id) vs. a third of CASL's time${where}`, ...against(times, "check", "@casl/ability", 1 / 3), "ns"],
    ]),
    ...pages.flatMap(([where, times]) => [
      [`a menu of all ids in order vs. closures${where}`, ...against(times, "menuInOrder", "closures"), "ns"],
      [`a change with this menu vs. closures${where}`, ...against(times, "changeInOrder", "closures"), "ns"],
      [`a subject with this menu vs. twice closures${where}`, ...against(times, "startInOrder", "closures", 2), "ns"],
    ]),
    ["can by handle", ...scaled(times.handle.privet, 6), "ns"],
    ...pages.map(([where, times]) => [
      `a change, all decided, vs. closures${where}`,
      ...against(times, "eager", "closures"),
      "ns",
    ]),
    ["a change, all decided", times.eager.privet.least, 2000, "ns", AIM],
    ["core, JavaScript and module, gzip", bytes.privet.gzip, 8600, "B"],
    ["core with its module inlined, gzip", bytes["privet, module inlined"].gzip, 9100, "B"],
    ["privet/read, gzip", bytes["privet/read"].gzip, 1500, "B"],
    ["studio, JavaScript and module, gzip", bytes["privet/studio"].gzip, 350_000, "B"],
    ["core compiled and instantiated", ...scaled(start.core, 1), "ms"],
    ["studio compiled and instantiated", ...scaled(start.studio, 5), "ms"],
    ["Contact compiled from text", ...scaled(policies.contact.compile, 3), "ms"],
    ["Contact compiled from text, natively", fast("contact/compile"), 3, "ms"],
    ["AWS IAM compiled from text", iam.compile.least, 1000, "ms"],
    ["AWS IAM compiled from text, natively", fast("iam/compile"), 1000, "ms"],
    ["AWS IAM, a subject resolved", ...scaled(iam.resolve, 1), "ms"],
    ["AWS IAM, a subject resolved, natively", fast("iam/session"), 1, "ms"],
    ["fixes, the slowest operation of all three", ...scaled(slowest, 0.2), "ms"],
    ["population, 1,000,000 x 152, counted", ...scaled(studio.population, 30), "ms"],
    ["population, 1,000,000 x 152, natively", population?.[1].least, 20, "ms"],
    ["Contact opened", ...scaled(policies.contact.open, 0.3), "ms"],
    ["token of a Contact subject, the longest", policies.contact.token.most, 64, "characters"],
  ].map(([what, measured, budget, unit, aim = false]) => ({
    what,
    measured,
    budget,
    unit,
    aim,
    ratio: measured / budget,
    met: measured <= budget,
  }));
}
