// `privet/elements`.
import { suite } from "./support/frameworks.mjs";

await suite("elements.mjs");
