// The running sums of eight numbers: seven additions in a row, or three rounds in which all places add at once.
#include <iostream>
#include <vector>

int main() {
    std::vector<int> x{3, 1, 4, 1, 5, 9, 2, 6};
    const auto show = [&](const char* what) {
        std::cout << what;
        for (const int number : x) std::cout << "\t" << number;
        std::cout << "\n";
    };
    show("numbers");
    for (std::size_t reach = 1; reach < x.size(); reach *= 2) {
        const std::vector<int> before = x;    // nobody sees a sum of this round
        for (std::size_t k = reach; k < x.size(); ++k) x[k] = before[k - reach] + before[k];
        show(reach == 1 ? "reach 1" : reach == 2 ? "reach 2" : "reach 4");
    }
}
