"""The register of corrections: wrong source values mended in facts, without touching deliveries."""
