"""Leerkring: the portal in which the Eigen Kracht Centrale runs its trainings. docs/architecture.md shows the house."""
