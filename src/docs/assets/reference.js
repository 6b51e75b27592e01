// Shows the operations of the page's document with Swagger UI, and gives names to what it leaves without.
"use strict";

const place = document.getElementById("operations");

// The page itself says what the document is and has one server, its own.
const nothing = () => () => null;
// Swagger UI puts a link inside of a button, where neither works with a keyboard.
const plainText = (_, { React }) => ({ text }) => React.createElement("span", null, text);
// Most answers have the same headers: whoever wants to see them opens them.
const folded = (Headers, { React: { createElement } }) => (props) =>
    createElement("details", null, createElement("summary", null, "Headers"), createElement(Headers, props));

/** What may be left out is tried without it: its example stands beside the field and not in it. */
function leaveOptionalEmpty(document) {
    const items = Object.values(document.paths).flatMap((path) => Object.values(path));
    const inline = items.flatMap((operation) => operation.parameters ?? []);
    for (const parameter of [...inline, ...Object.values(document.components.parameters ?? {})]) {
        const example = parameter.example ?? parameter.schema?.example;
        if (parameter.required || example === undefined) continue;
        // What holds where nothing is said is example enough.
        if (parameter.schema?.default === undefined) {
            parameter.description = `${parameter.description ?? ""}\n\nSuch as \`${[].concat(example).join(", ")}\`.`;
        }
        delete parameter.example;
        delete parameter.examples;
        delete parameter.schema?.example;
    }
}

SwaggerUIBundle({
    domNode: place,
    url: place.dataset.document,
    deepLinking: true,
    defaultModelsExpandDepth: -1,
    displayRequestDuration: true,
    persistAuthorization: false,
    syntaxHighlight: { activated: false },
    validatorUrl: null,
    responseInterceptor: (response) => {
        if (response.url.endsWith(place.dataset.document)) {
            const document = JSON.parse(response.text);
            leaveOptionalEmpty(document);
            response.text = JSON.stringify(document);
        }
        return response;
    },
    plugins: [
        {
            wrapComponents: {
                InfoContainer: nothing,
                ServersContainer: nothing,
                DeepLink: plainText,
                headers: folded,
            },
        },
    ],
});

/** Gives each element that the selector finds a name that is read aloud, where it has none. */
function name(selector, words) {
    for (const element of place.querySelectorAll(selector)) {
        if (!element.hasAttribute("aria-label")) {
            element.setAttribute("aria-label", words(element));
        }
    }
}

function complete() {
    const ofParameter = (field) => field.closest("[data-param-name]").dataset.paramName;
    name("[data-param-name] :is(input, select, textarea)", ofParameter);
    name(".body-param textarea", () => "Request body");
    name(".copy-to-clipboard button", () => "Copy");
    name(".close-modal", () => "Close");
    name(".content-type", () => "Media type");
    name(".examples-select select", () => "Example");
    // Whoever speaks to the browser says what stands on the button.
    for (const element of place.querySelectorAll(".modal-btn[aria-label]")) {
        element.removeAttribute("aria-label");
    }
    for (const element of place.querySelectorAll("pre:not([tabindex])")) {
        element.tabIndex = 0;
    }
}

new MutationObserver(complete).observe(place, { childList: true, subtree: true });
