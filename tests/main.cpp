// The main function of ordinal_tests. doctest's own code is compiled here, once.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <iostream>

#include <ordinal/core/tensor.h>
#include "tests/places.h"

std::string source_dir() { return ORDINAL_SOURCE_DIR; }
std::string binary_dir() { return ORDINAL_BINARY_DIR; }

namespace {

// A node of the graph that outlives its test is a leak: the program then fails, whatever the assertions say.
struct LeakCheck : doctest::IReporter {
    static inline bool found = false;
    const char* test = "";

    explicit LeakCheck(const doctest::ContextOptions&) {}
    void test_case_start(const doctest::TestCaseData& data) override { test = data.m_name; }
    void test_case_end(const doctest::CurrentTestCaseStats&) override {
        const ordinal::Index nodes = ordinal::Node::live_count();
        if (nodes == 0) return;
        std::cerr << "LEAK: " << nodes << " graph nodes are still alive after the test \"" << test << "\"\n";
        found = true;
    }

    // doctest asks for the rest, too.
    void report_query(const doctest::QueryData&) override {}
    void test_run_start() override {}
    void test_run_end(const doctest::TestRunStats&) override {}
    void test_case_reenter(const doctest::TestCaseData&) override {}
    void test_case_exception(const doctest::TestCaseException&) override {}
    void subcase_start(const doctest::SubcaseSignature&) override {}
    void subcase_end() override {}
    void log_assert(const doctest::AssertData&) override {}
    void log_message(const doctest::MessageData&) override {}
    void test_case_skipped(const doctest::TestCaseData&) override {}
};
REGISTER_LISTENER("leak check", 1, LeakCheck);

}    // namespace

int main(int argc, char** argv) {
    const int failed = doctest::Context(argc, argv).run();
    return failed != 0 || LeakCheck::found ? 1 : 0;
}
