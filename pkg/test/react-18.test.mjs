// `privet/react` with React 18, in a process of its own: a suite has a document.
import { suite } from "./support/frameworks.mjs";

await suite("react.jsx", { alias: { react: "react-18", "react-dom": "react-dom-18" } }, "react-18");
