// Sessions in the state of MobX and Immer.
import { suite } from "./support/frameworks.mjs";

await suite("state.mjs");
