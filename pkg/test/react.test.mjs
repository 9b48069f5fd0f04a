// `privet/react` with React 19.
import { suite } from "./support/frameworks.mjs";

await suite("react.jsx");
