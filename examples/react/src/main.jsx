import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { devtools } from "privet/devtools";
import { PrivetProvider } from "privet/react";
import { App } from "./app.jsx";
import { people, store } from "./session.js";

createRoot(document.getElementById("root")).render(
  <StrictMode>
    <PrivetProvider store={store} announce={({ gained, lost }) => `${gained.length} more, ${lost.length} fewer`}>
      <App />
    </PrivetProvider>
  </StrictMode>,
);
devtools({ people }); // nothing in production builds
