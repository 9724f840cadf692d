// What @camptocamp/ogc-client makes of the service: node read_ogc.mjs ADDRESS KEY
import { OgcApiEndpoint, setFetchOptions } from "@camptocamp/ogc-client";

const [address, key] = process.argv.slice(2);
globalThis.location = new URL(address);
setFetchOptions({ headers: { Authorization: `Bearer ${key}` } });
const endpoint = new OgcApiEndpoint(address);
const works = await endpoint.getCollectionInfo("works");
const url = await endpoint.getCollectionItemsUrl("works", { limit: 5, asJson: true, dateTime: { start: new Date("2027-03-01T00:00:00Z") } });
const found = {
  title: (await endpoint.info).title,
  features: await endpoint.featureCollections,
  tiles: await endpoint.vectorTileCollections,
  matrixSets: await endpoint.tileMatrixSets,
  tileset: await endpoint.getVectorTilesetUrl("works", "WebMercatorQuad"),
  crs: works.crs,
  queryables: works.queryables.map((one) => one.name),
  items: (await endpoint.getCollectionItems("works", 10, 0, false, ["title"])).map((one) => one.properties.title),
  url,
};
console.log(JSON.stringify(found));
