"""How the bilan is computed: reading deliveries, running the graph, publishing the warehouse."""
