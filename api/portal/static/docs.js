// Starts Swagger UI over this server's own description; kept in a file so that no page needs an inline script.
window.addEventListener("load", () => {
  window.SwaggerUIBundle({ url: "/openapi.json", dom_id: "#api", deepLinking: true, validatorUrl: null });
});
