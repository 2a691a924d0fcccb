"""Print a circle of imports between the modules of the `portal` package on the path, if there is one."""

from graphlib import CycleError, TopologicalSorter

import grimp

graph = grimp.build_graph("portal", exclude_type_checking_imports=True, cache_dir=None)
try:
    TopologicalSorter({name: graph.find_modules_directly_imported_by(name) for name in graph.modules}).prepare()
except CycleError as circle:
    print(" imports ".join(reversed(circle.args[1])))
