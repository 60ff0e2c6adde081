"""Which files the map's page names: those of the data as they are called now, and the modules of its script."""

from django.urls import reverse

from locations import shapes, snapshot

# What the script imports once the places are drawn, named in the page so that none of them waits for another.
LATER = [
    f"js/{name}.js"
    for name in "map_leaflet map_areas map_cells map_shell map_panel map_legend nodes map_results".split()
]


def addresses():
    """Return where the map's files lie, and what tells when they change."""
    now = snapshot.current()
    data, names, needs = (reverse("api_map_data", args=[digest]) for digest in now.files)
    return {
        "manifest": reverse("api_map"),
        "changes": reverse("api_map_changes"),
        "version": now.digest,
        "data": data,
        "names": names,
        "needs": needs,
        "shapes": reverse("api_map_shapes", args=[shapes.current()]),
    }


def state():
    """Return what the page follows besides the data: the files that it names."""
    return (*snapshot.current().files, shapes.current())
