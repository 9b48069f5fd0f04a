import { createApp } from "vue";
import { devtools } from "privet/devtools";
import { privet } from "privet/vue";
import App from "./App.vue";
import { people, store } from "./session.js";

const announce = ({ gained, lost }) => `${gained.length} more, ${lost.length} fewer`;
createApp(App).use(privet, { store, announce }).mount("#root");
devtools({ people }); // nothing in production builds
