// `privet/angular`, with a version of Angular that is newer than the one that compiled it.
import { suite } from "./support/frameworks.mjs";

await suite("angular.mjs");
