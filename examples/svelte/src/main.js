import { mount } from "svelte";
import { devtools } from "privet/devtools";
import App from "./App.svelte";
import { people } from "./session.js";

mount(App, { target: document.getElementById("root") });
devtools({ people }); // nothing in production builds
