/** The page of `/docs`: every route, from `/openapi.json`, drawn by the vendored Swagger UI. Nothing is asked of another host. */

const { SwaggerUIBundle } = /** @type {any} */ (window);

SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#docs",
  deepLinking: true,
  docExpansion: "none",
  defaultModelsExpandDepth: 0,
  // Swagger's own server would check the document otherwise.
  validatorUrl: null,
});
