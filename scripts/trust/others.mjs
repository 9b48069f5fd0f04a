// The decisions of CASL and accesscontrol on the exported policies beside those of the package: one line of JSON for each.
import { run } from "./engines.mjs";

const { withAccessControl, withCasl } = await import("../../pkg/test/support/other-engines.mjs");
run("casl", withCasl);
const failed = process.exitCode;
run("accesscontrol", withAccessControl);
process.exitCode ||= failed;
