// The decisions of Cedar on the exported policies beside those of the package. TRUST_DECISIONS: how many; TRUST_SEED: which.
import { run } from "./engines.mjs";

run("cedar");
