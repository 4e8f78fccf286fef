#include <ordinal/core/graphviz.h>

#include <doctest/doctest.h>

#include <ordinal/core/ops.h>

using namespace ordinal;

TEST_CASE("the graph of an expression is drawn from inputs to output") {
    const Tensor w = Tensor::parameter(zeros({2})), c(zeros({1, 2}));
    CHECK(to_graphviz(sum(w * w + c)) ==
          "digraph {\n"
          "  node [shape=box];\n"
          "  n0 [label=\"sum\\n[]\"];\n"
          "  n1 [label=\"add\\n[1, 2]\"];\n"
          "  n2 [label=\"mul\\n[2]\"];\n"
          "  n3 [label=\"constant\\n[1, 2]\"];\n"
          "  n4 [label=\"parameter\\n[2]\", style=filled];\n"
          "  n1 -> n0;\n"
          "  n2 -> n1;\n"
          "  n3 -> n1;\n"
          "  n4 -> n2;\n"
          "  n4 -> n2;\n"    // w is used twice
          "}\n");
}

TEST_CASE("a single tensor is drawn as what it is") {
    CHECK(to_graphviz(Tensor::parameter(zeros({3}))) ==
          "digraph {\n  node [shape=box];\n  n0 [label=\"parameter\\n[3]\", style=filled];\n}\n");
    CHECK(to_graphviz(Tensor(zeros({3}))) == "digraph {\n  node [shape=box];\n  n0 [label=\"constant\\n[3]\"];\n}\n");
    CHECK_THROWS_WITH_AS(to_graphviz(Tensor()), "to_graphviz: this tensor is undefined (default-constructed)",
                         GraphError);
}
