"""What the office reads across all areas: what asks for attention today, how full the editions are, what goes on in the
rooms. It changes nothing, and stands above all other areas."""
