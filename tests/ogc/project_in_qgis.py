"""Run by the Python of QGIS: opens a project with a key, draws it, and prints what it found as JSON."""

import json
import os
import sys

os.environ["QT_QPA_PLATFORM"] = "offscreen"
file, key, folder, *box = sys.argv[1:]
os.environ["QGIS_AUTH_DB_DIR_PATH"] = folder

from qgis.core import (  # noqa: E402
    Qgis,
    QgsApplication,
    QgsAuthMethodConfig,
    QgsMapRendererSequentialJob,
    QgsMapSettings,
    QgsProject,
    QgsRectangle,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QSize  # noqa: E402

app = QgsApplication([], False)
app.initQgis()
warnings = []
QgsApplication.messageLog().messageReceived.connect(
    lambda text, tag, level: warnings.append(f"{tag}: {text}") if level != Qgis.Info else None
)
manager = QgsApplication.authManager()
manager.setMasterPassword("a test", True)
account = QgsAuthMethodConfig()
account.setId("geoserv")
account.setName("geo_service")
account.setMethod("Basic")
account.setConfig("username", "key")
account.setConfig("password", key)
manager.storeAuthenticationConfig(account)


def colours(layer: object) -> list[str]:
    """The colours of the picture of one layer."""
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setOutputSize(QSize(600, 400))
    settings.setDestinationCrs(project.crs())
    settings.setExtent(QgsRectangle(*map(float, box)))
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    warnings.extend(error.message for error in job.errors())
    picture = job.renderedImage()
    return sorted({picture.pixelColor(x, y).name() for x in range(0, 600, 2) for y in range(0, 400, 2)})


project = QgsProject.instance()
opened = project.read(file)
layers = {
    layer.id(): {
        "name": layer.name(),
        "valid": layer.isValid(),
        "features": [QgsWkbTypes.geometryDisplayString(one.geometry().type()) for one in layer.getFeatures()],
        "aliases": {field.name(): field.alias() for field in layer.fields()},
        "colours": colours(layer),
        "source": layer.source(),
    }
    for layer in project.mapLayers().values()
}
tree = {
    group.name(): [layer.name() for layer in group.children()] for group in project.layerTreeRoot().children()
}
crs = project.crs().authid()
print(json.dumps({"opened": opened, "crs": crs, "warnings": warnings, "layers": layers, "tree": tree}))
project.clear()
app.exitQgis()
