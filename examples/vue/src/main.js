import { createApp } from "vue";
import { privet } from "privet/vue";
import App from "./App.vue";
import { store } from "./session.js";

const announce = ({ gained, lost }) => `${gained.length} more, ${lost.length} fewer`;
createApp(App).use(privet, { store, announce }).mount("#root");
