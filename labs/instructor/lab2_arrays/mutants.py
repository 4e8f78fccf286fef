"""Wrong versions of lab 2, each plausible."""
# INSTRUCTOR-ONLY
from kit import Mutant

FILE = "array.h"
mutants = [
    Mutant("strides_other_axis", "strides", FILE, "last_axis_is_dense ? shape.size() - 1 - i : i",
           "last_axis_is_dense ? i : shape.size() - 1 - i"),
    Mutant("strides_of_the_axis_itself", "strides", FILE, "        strides[axis] = step;\n        step *= shape[axis];",
           "        step *= shape[axis];\n        strides[axis] = step;"),
    Mutant("at_no_offset", "places_in", FILE, "bool inside = place.size() == a.shape.size();\n    long where = a.offset;",
           "bool inside = place.size() == a.shape.size();\n    long where = 0;"),
    Mutant("at_one_too_far", "places_in", FILE, "place[axis] < a.shape[axis]", "place[axis] <= a.shape[axis]"),
    Mutant("at_negative", "places_in", FILE, "place[axis] >= 0 && ", ""),
    Mutant("transpose_shape_only", "transposed", FILE, "    view.strides.assign(a.strides.rbegin(), a.strides.rend());\n", "",
           picture="bug_1.svg", choice="a"),
    Mutant("transpose_copies", "transposed", FILE, "view.strides.assign(a.strides.rbegin(), a.strides.rend());\n    return",
           "view.strides.assign(a.strides.rbegin(), a.strides.rend());\n"
           "    view.buffer = std::make_shared<std::vector<double>>(*a.buffer);\n    return"),
    Mutant("every_same_stride", "steps", FILE, "view.strides[i] = n * a.strides[i]", "view.strides[i] = a.strides[i]",
           picture="bug_2.svg", choice="b"),
    Mutant("every_rounds_down", "steps", FILE, "(a.shape[i] - 1 - first) / n + 1", "a.shape[i] / n"),
    Mutant("every_other_start", "steps", FILE, "every_takes_first ? 0 : n - 1", "every_takes_first ? n - 1 : 0"),
    Mutant("broadcast_steps_on", "repeated", FILE, "        else if (a.shape[i] != 1)\n",
           "        else if (a.shape[i] == 1)\n            view.strides[missing + i] = 1;\n        else\n",
           picture="bug_3.svg", choice="c"),
    Mutant("broadcast_anything", "repeated", FILE, "else if (a.shape[i] != 1)", "else if (a.shape[i] > 99)"),
    Mutant("sum_of_the_last", "summed", FILE, "entry_of(target, place) += entry_of(a, place)",
           "entry_of(target, place) = entry_of(a, place)"),
    Mutant("sum_counts", "summed", FILE, "entry_of(target, place) += entry_of(a, place)",
           "entry_of(target, place) += 1 + 0 * entry_of(a, place)"),
    Mutant("matmul_other_side", "product", FILE, "right_is_transposed ? turned(B) : B);", "right_is_transposed ? B : turned(B));"),
    Mutant("matmul_starts_late", "product", FILE, "for (long k = 0; k < A.shape[1]; ++k)",
           "for (long k = A.shape[1] > 3 ? 1 : 0; k < A.shape[1]; ++k)"),
    Mutant("gradients_swapped", "gradients", FILE, "return {plain_product(dC, turned(B)), plain_product(turned(A), dC)};",
           "return {plain_product(turned(A), dC), plain_product(dC, turned(B))};"),
    Mutant("gradient_of_zeros", "gradients", FILE, "return {plain_product(dC, turned(B)), plain_product(turned(A), dC)};",
           "return {plain_product(dC, turned(B)), zeros(B.shape)};"),
    Mutant("gradient_without_the_turn", "gradients", FILE, "return {plain_product(dC, turned(B)),",
           "return {plain_product(dC, dC.shape[1] == B.shape[0] && B.shape[0] == B.shape[1] ? B : turned(B)),"),
]
